"""Nested cross-validation with scikit-learn's Ridge, refitting every fold: what the campaign must reproduce.

Two ways: GridSearchCV itself where the intercept is the only covariate, and otherwise an explicit loop on data residualised
by the training rows' covariates. Penalties are lambda of the Gram matrix XX'/p, so alpha = lambda * p.
"""
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, PredefinedSplit

import folds

TIE = 1e-5  # criteria this near, relative, may be ordered either way


@dataclass
class Option:
    """a penalty that the inner folds choose, or nearly choose"""
    penalty: float
    residual: np.ndarray  # of the outer test set


@dataclass
class FoldFit:
    """one target in one outer fold"""
    options: list[Option]       # the smallest criterion first, then those that tie with it
    null_residual: np.ndarray   # of the covariates alone
    baseline: float             # what an error is divided by
    centred: np.ndarray | None = None  # the test rows around their mean, beyond the covariates of everybody


@dataclass
class Design:
    X: np.ndarray         # n x p, standardised
    n_snps: int           # p before any rotation of X
    covariates: np.ndarray
    outer: np.ndarray
    inner: np.ndarray
    penalties: np.ndarray
    baseline: str         # covariates | test-mean
    score: str            # mean-r2 | pooled-r2

    def alphas(self) -> np.ndarray:
        return self.penalties * self.n_snps


def rotate(X: np.ndarray) -> np.ndarray:
    """n x n coordinates of X in its row space: no ridge prediction changes, and p no longer costs"""
    return np.linalg.qr(X.T, mode="r").T if X.shape[1] > X.shape[0] else X


def choices(criterion: np.ndarray) -> list[int]:
    """the smallest criterion, a tie to the larger penalty; then the near ties"""
    best = len(criterion) - 1 - int(np.argmin(criterion[::-1]))
    near = np.flatnonzero(criterion <= criterion[best] * (1 + TIE))
    return [best] + [int(k) for k in near if k != best]


def grid_search(design: Design, fold: int, y: np.ndarray) -> FoldFit:
    train, test = np.flatnonzero(design.outer != fold), np.flatnonzero(design.outer == fold)
    alphas = design.alphas()
    search = GridSearchCV(Ridge(solver="cholesky"), {"alpha": alphas[::-1]}, scoring="neg_mean_squared_error",
                          cv=PredefinedSplit(design.inner[fold, train]))
    search.fit(design.X[train], y[train])
    chosen = choices(-search.cv_results_["mean_test_score"][::-1])
    options = [Option(design.penalties[chosen[0]], y[test] - search.predict(design.X[test]))]
    for k in chosen[1:]:
        other = Ridge(alpha=alphas[k], solver="cholesky").fit(design.X[train], y[train])
        options.append(Option(design.penalties[k], y[test] - other.predict(design.X[test])))
    null_residual = y[test] - y[train].mean()
    if design.baseline == "test-mean":
        baseline = float(((y[test] - y[test].mean()) ** 2).sum())
        expected = r2_score(y[test].round(12), search.predict(design.X[test]))  # rounded: equal values of a residual are equal
        found = fold_r2(FoldFit(options, null_residual, baseline), options[0])
        assert abs(found - expected) < 1e-9, f"r2_score {expected}, here {found}"
    else:
        baseline = float(null_residual @ null_residual)
    return FoldFit(options, null_residual, baseline, y[test] - y[test].mean())


def ridge_residuals(design: Design, Y: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """L x |test| x T residuals of the test rows, without the directions that the training rows do not speak of"""
    basis = folds.orthonormal(design.covariates)
    X_train, X_test = folds.residualise(basis, design.X, train, test)
    Y_train, Y_test = folds.residualise(basis, Y, train, test)
    directions = folds.unseen(basis, train, test)
    residuals = []
    for alpha in design.alphas():
        fit = Ridge(alpha=alpha, fit_intercept=False, solver="cholesky").fit(X_train, Y_train)
        residuals.append(folds.project_out(directions, Y_test - fit.predict(X_test).reshape(Y_test.shape)))
    return np.array(residuals)


def with_constant(directions: np.ndarray) -> np.ndarray:
    """an orthonormal basis of the constant and the directions. They are projected out at once: what is projected out after the mean
    may bring a mean back"""
    constant = np.full((len(directions), 1), len(directions) ** -0.5)
    U, s, _ = np.linalg.svd(np.hstack([constant, directions]), full_matrices=False)
    return U[:, s > folds.RANK_TOLERANCE]


def explicit_loop(design: Design, fold: int, Y: np.ndarray) -> list[FoldFit]:
    basis = folds.orthonormal(design.covariates)
    train, test = np.flatnonzero(design.outer != fold), np.flatnonzero(design.outer == fold)
    inner = design.inner[fold]
    n_inner = int(inner.max()) + 1
    criterion = np.zeros((len(design.penalties), Y.shape[1]))
    for k in range(n_inner):
        fit_rows, validation = np.flatnonzero((inner != k) & (inner >= 0)), np.flatnonzero(inner == k)
        residuals = ridge_residuals(design, Y, fit_rows, validation)
        criterion += (residuals ** 2).sum(1) / (len(validation) * n_inner)
    residuals = ridge_residuals(design, Y, train, test)
    directions = folds.unseen(basis, train, test)
    null = folds.project_out(directions, folds.residualise(basis, Y, train, test)[1])
    beyond = Y - basis @ (basis.T @ Y)  # permuted residuals are no longer orthogonal to the covariates
    centred = folds.project_out(with_constant(directions), beyond[test])
    baseline = ((centred if design.baseline == "test-mean" else null) ** 2).sum(0)
    found = []
    for t in range(Y.shape[1]):
        options = [Option(design.penalties[k], residuals[k, :, t]) for k in choices(criterion[:, t])]
        found.append(FoldFit(options, null[:, t], float(baseline[t]), centred[:, t]))
    return found


def fit(design: Design, Y: np.ndarray) -> list[list[FoldFit]]:
    """[fold][target]"""
    n_folds = design.inner.shape[0]
    if design.covariates.shape[1] == 1:
        return [[grid_search(design, fold, y) for y in Y.T] for fold in range(n_folds)]
    return [explicit_loop(design, fold, Y) for fold in range(n_folds)]


def fold_r2(fit: FoldFit, option: Option) -> float:
    """as r2_score has it: 0 where nothing varies in the test set, up to rounding; NaN for an empty one"""
    if not len(option.residual):
        return np.nan
    return 1 - float(option.residual @ option.residual) / fit.baseline if fit.baseline > 1e-20 * len(option.residual) else 0.0


def of_people_with_a_value(design: "Design", fit: FoldFit, seen: np.ndarray) -> FoldFit:
    """the fit of everybody, scored on the test subjects `seen`; the test set's mean is theirs"""
    options = [Option(option.penalty, option.residual[seen]) for option in fit.options]
    null = fit.null_residual[seen]
    if not seen.any():
        return FoldFit(options, null, 0.0)
    varies = fit.centred[seen] - fit.centred[seen].mean() if design.baseline == "test-mean" else null
    return FoldFit(options, null, float(varies @ varies))


def score(fits: list[FoldFit], options: list[Option], kind: str) -> float:
    """of one target, with one option a fold"""
    if kind == "pooled-r2":
        return 1 - sum(float(o.residual @ o.residual) for o in options) / sum(f.baseline for f in fits)
    return float(np.nanmean([fold_r2(f, o) for f, o in zip(fits, options)]))


def nearest_score(fits: list[FoldFit], kind: str, found: float) -> tuple[float, int]:
    """(the score nearest to `found` that ties allow, how many folds had to take another option than the first)"""
    options = [f.options[0] for f in fits]
    n_other = 0
    for k, f in enumerate(fits):
        for other in f.options[1:]:
            trial = options[:k] + [other] + options[k + 1:]
            if abs(score(fits, trial, kind) - found) < abs(score(fits, options, kind) - found) - 1e-5:
                options, n_other = trial, n_other + 1
    return score(fits, options, kind), n_other


def pooled_correlation(fits: list[FoldFit], options: list[Option]) -> float:
    """of the target beyond the covariates and its genetic prediction"""
    null = np.concatenate([f.null_residual for f in fits])
    residual = np.concatenate([o.residual for o in options])
    return float(np.corrcoef(null, null - residual)[0, 1])
