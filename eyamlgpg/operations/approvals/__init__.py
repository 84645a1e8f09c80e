"""Signed recipients: what an approver of the policy must have signed, who may sign, and how the files stand"""
