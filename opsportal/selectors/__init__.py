"""What pages over several apps read: a constant number of queries, whatever the number of rows."""
