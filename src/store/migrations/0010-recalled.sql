-- A message that is on its way when its wedding moves cannot be withdrawn then. It is recalled: should its provider say
-- "later", it is not tried again as it was planned, and no second copy of it is sent.

alter table app.effect add column recalled text;
grant update (recalled) on app.effect to wed_app;
