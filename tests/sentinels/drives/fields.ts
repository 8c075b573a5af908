import type { Drive } from "../drive-routes.ts";

const labels = { ja: "趣味", en: "Hobby" };

/** Fields with values are left as they are: what they say of people is compared at the end. */
export const fieldDrives: Readonly<Record<string, Drive>> = {
  "GET /api/customers/:customerNo/retired": ({ own, far }) => [own, far].map((no) => ({ url: `/api/customers/${no}/retired` })),
  "POST /api/fields/:kind": () => [
    {
      url: "/api/fields/company",
      body: { ...labels, type: "text", class: "internal", mask: "none", isSearchable: false, isRequired: false, choices: [], sectionNo: null },
    },
  ],
  "PUT /api/fields/:kind/:key": () => [
    { url: "/api/fields/customer/none-such", body: { ...labels, mask: "none", isSearchable: false, isRequired: false, choices: [] } },
  ],
  "POST /api/fields/:kind/:key/archive": () => [{ url: "/api/fields/customer/none-such/archive", body: { isArchived: true } }],
  "GET /api/fields/:kind/:key/class-effect": () => [{ url: "/api/fields/customer/fullName/class-effect?class=open" }],
  "PUT /api/field-order/:kind": () => [{ url: "/api/field-order/company", body: { sections: [{ sectionNo: null, fields: ["kana", "companyName"] }] } }],
  "POST /api/field-sections/:kind": () => [{ url: "/api/field-sections/company", body: labels }],
  "PUT /api/field-sections/:kind/:sectionNo": () => [{ url: "/api/field-sections/company/1", body: labels }],
  "DELETE /api/field-sections/:kind/:sectionNo": () => [{ url: "/api/field-sections/company/1" }],
};
