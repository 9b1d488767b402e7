"""Helpers of the Python tests: studies to break, to run, to interrupt and to spread over ranks. tests/README.md says how they are found."""
import os

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")  # before h5py is loaded: campaigns are read while a run writes them
