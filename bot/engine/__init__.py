"""Sees to it that due rows are worked on."""
