"""What the responses of many candidates say about questions and papers: pure figures (统计分析).

Arrays hold one element a response, in the same order; questions and candidates are numbers from 0.
The definitions, with minimum samples and flags, stand in docs/statistics.md.
"""
