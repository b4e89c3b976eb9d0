"""Tests mirror the folders of the program."""
