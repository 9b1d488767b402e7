"""Least squares on the training rows' covariates, and the directions of a test set that no training row speaks of."""
import numpy as np

RANK_TOLERANCE = 1e-8


def orthonormal(Z: np.ndarray) -> np.ndarray:
    """n x rank(Z) basis of the columns of Z, each scaled to unit length first"""
    U, s, _ = np.linalg.svd(Z / np.linalg.norm(Z, axis=0), full_matrices=False)
    return U[:, s > RANK_TOLERANCE * s[0]]


def unseen(basis: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """|test| x k orthonormal basis of the directions Z_test v with Z_train v = 0: a site wholly in the test set, say.
    `basis` is orthonormal and spans Z."""
    _, s, V = np.linalg.svd(basis[train])
    null = V[np.r_[s, np.zeros(V.shape[0] - s.size)] < RANK_TOLERANCE].T
    U, s, _ = np.linalg.svd(basis[test] @ null, full_matrices=False)
    return U[:, s > RANK_TOLERANCE]


def project_out(directions: np.ndarray, residual: np.ndarray) -> np.ndarray:
    return residual - directions @ (directions.T @ residual)


def residualise(
    basis: np.ndarray, values: np.ndarray, train: np.ndarray, test: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """training and test rows of values, less what least squares on the training rows' covariates predict"""
    coefficients = np.linalg.lstsq(basis[train], values[train], rcond=RANK_TOLERANCE)[0]
    return values[train] - basis[train] @ coefficients, values[test] - basis[test] @ coefficients
