import { useQuery } from "@tanstack/react-query";
import { showCustomer } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";

export type Customer = ReplyOf<typeof showCustomer>;

export function useCustomer(customerNo: number) {
  return useQuery({
    queryKey: ["customer", customerNo],
    queryFn: () => call(showCustomer, { params: { customerNo } }),
    enabled: Number.isInteger(customerNo) && customerNo > 0,
  });
}
