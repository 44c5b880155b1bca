"""Things that go wrong while the portal works: processes killed, servers silent, queues emptied."""
