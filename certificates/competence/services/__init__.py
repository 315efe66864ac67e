"""Services of competence (岗位能力评价服务)."""
