import { downloads, reads, readsQuietly, writes, type Route } from "#server/core/door/index.ts";
import * as contract from "#shared/incident-consignors.ts";
import { renderPaperPdf } from "../drafts/render-paper-pdf.ts";
import { renderPaperWord } from "../drafts/render-paper-word.ts";
import { drawPackLetter, drawPackList } from "./draw-pack.ts";
import { listConsignors } from "./list-consignors.ts";
import { askPackApproval, makePack, markPackSent, showPackPassword } from "./make-pack.ts";
import { renderPackList } from "./render-pack-list.ts";

export function consignorRoutes(): Route[] {
  return [
    readsQuietly(contract.listConsignors, "incident.consignors-listed", listConsignors),
    writes(contract.makePack, "incident.pack-made", makePack),
    writes(contract.askPackApproval, "incident.pack-approval-asked", askPackApproval),
    downloads(contract.drawPackPdf, "incident.pack-letter-drawn", (context, input) => drawPackLetter(context, input, "pdf"), renderPaperPdf),
    downloads(contract.drawPackWord, "incident.pack-letter-drawn", (context, input) => drawPackLetter(context, input, "word"), renderPaperWord),
    downloads(contract.drawPackList, "incident.pack-list-drawn", drawPackList, renderPackList),
    reads(contract.showPackPassword, "incident.pack-password-shown", showPackPassword),
    writes(contract.markPackSent, "incident.pack-sent", markPackSent),
  ];
}
