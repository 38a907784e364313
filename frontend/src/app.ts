// Makes the server's pages a little kinder; every one of them works without this file.
import { createAll, Button, CharacterCount, ErrorSummary, NotificationBanner, Radios, Checkboxes, SkipLink } from "govuk-frontend";
import { SortableTable } from "@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Button, { preventDoubleClick: true });
for (const component of [CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink]) {
  createAll(component);
}
createAll(SortableTable);

// The content security policy forbids onclick; printing is offered only where it can work.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
