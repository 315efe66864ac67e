"""Who may work at which post on a day: gathering the facts, asking the rule (上岗判定服务)."""
