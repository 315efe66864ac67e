"""A whole cluster on one machine: what a province runs, started for a try or a test (集群).

Three members of etcd, three PostgreSQL under Patroni with synchronous replication, HAProxy, and
application servers, from the files of `docs/running/cluster`, with other ports and addresses.
"""
