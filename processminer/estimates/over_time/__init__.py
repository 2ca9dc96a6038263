"""The whole process over time: how long deals take, what each month's deals became, and whether it is repeatable."""
