"""Inference with uncertainty: how long stages really take, how deals end. Open deals are censored, never dropped."""
