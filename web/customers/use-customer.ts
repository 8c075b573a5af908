import { queryOptions, useQuery } from "@tanstack/react-query";
import { showCustomer } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";

export type Customer = ReplyOf<typeof showCustomer>;

/** One person: asked for once, by whoever comes first. */
export function customerQuery(customerNo: number) {
  return queryOptions({ queryKey: ["customer", customerNo], queryFn: () => call(showCustomer, { params: { customerNo } }) });
}

export function useCustomer(customerNo: number) {
  return useQuery({
    ...customerQuery(customerNo),
    enabled: Number.isInteger(customerNo) && customerNo > 0,
  });
}
