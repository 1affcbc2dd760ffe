"""The EPSI-type index: questionnaires, levels, bands, comparisons, norms."""
