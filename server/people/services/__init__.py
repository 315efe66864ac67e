"""Services of the people's rooms, one file for each noun (人员服务)."""
