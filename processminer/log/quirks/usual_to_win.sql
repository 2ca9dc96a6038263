-- Within how many days nine in ten of the won deals were won.
SELECT quantile_cont(epoch_us(closed_at) - epoch_us(first_at), 0.9) / 86400000000.0
FROM deal_histories
WHERE outcome = 'won' AND close_step > 1
