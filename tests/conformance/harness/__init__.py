# SPDX-License-Identifier: MIT
"""Runs tests of Qt's own qtbase with Qt's dispatcher and with ours, and compares them function by function."""
