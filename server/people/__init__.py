"""People, their documents and their posts (人员、证件、岗位)."""
