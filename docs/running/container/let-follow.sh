#!/bin/sh
# Run once by the image of PostgreSQL, when the database is made: `flask backup follow` copies the
# write-ahead log from another container, which the settings of the image let nobody do.
set -eu
echo "host replication $POSTGRES_USER all scram-sha-256" >> "$PGDATA/pg_hba.conf"
