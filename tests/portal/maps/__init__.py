"""Tests of portal.maps."""
