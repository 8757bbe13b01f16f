"""Kafka and PostgreSQL as child processes of ours, from wheels and checked jars: nothing to install by hand."""
