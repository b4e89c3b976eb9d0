"""Tests of portal.travel."""
