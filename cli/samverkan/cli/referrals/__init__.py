"""Bringing a municipality's list of referrals in from a CSV file."""
