"""Messages to people and organisations: in the app, by mail, by signed webhook (消息)."""
