"""Leal on public data, one script a data set: ``python -m examples.online_retail FILE``.

The data are not part of Leal; docs/examples.md says where to get each set and on what terms.
"""
