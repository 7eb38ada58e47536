"""The programme's report: templates as data, each office's counters from one log."""
