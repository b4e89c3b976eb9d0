"""Tests of portal.letters."""
