"""接口: what other programs read and write, by the queries, actions and policy of the pages."""
