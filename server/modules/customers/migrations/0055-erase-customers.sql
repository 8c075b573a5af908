-- Erasing a person removes the row; whom the policy lets the house reach it may remove, and nobody else's session can.
grant delete on customers to kuraban_app;
create policy customers_erased on customers as restrictive for delete to kuraban_app
  using ((select current_setting('kuraban.house', true)) = 'on');
