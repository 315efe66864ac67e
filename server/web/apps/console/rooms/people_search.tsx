/** Somebody by the number of a document: asked in a body, never in an address (按证件查找). */
import { useState } from "preact/hooks";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { Field, type Values } from "../kit/fields.tsx";
import { Problem } from "../kit/form.tsx";
import { Empty, Page, Panel } from "../kit/parts.tsx";
import { word } from "../kit/two.ts";
import { DOCUMENTS } from "../words.ts";

interface Found {
  id: string;
  name: string;
  document_type: string;
  document_masked: string;
}

export function SearchPage() {
  const [values, type] = useState<Values>({ document_type: "resident_identity_card" });
  const [found, tell] = useState<Found[] | null>(null);
  const [problem, fail] = useState<unknown>(null);
  const look = async () => {
    fail(null);
    try {
      tell((await client.look<{ items: Found[] }>("/v1/people/document-searches", values)).items);
    } catch (refusal) {
      fail(refusal);
    }
  };
  const change = (name: string) => (value: unknown) => type({ ...values, [name]: value });
  return (
    <Page title={t("按证件查找", "Find by document")}>
      <Panel>
        <form class="form" onSubmit={(event) => { event.preventDefault(); void look(); }}>
          <Field field={{ name: "document_type", label: ["证件类型", "Document"], kind: "choice", choices: DOCUMENTS }} value={values["document_type"]} onChange={change("document_type")} />
          <Field field={{ name: "document_number", label: ["证件号码", "Number"], kind: "text" }} value={values["document_number"]} onChange={change("document_number")} />
          <Problem of={problem} />
          <button class="button">{t("查找", "Find")}</button>
        </form>
      </Panel>
      {found === null ? null : found.length === 0 ? <Empty words={["您的管辖范围内没有此人。", "Nobody within your reach has this document."]} /> : (
        <Panel title={t("查到", "Found")}>
          <ul class="lines" role="status">{found.map((one) => <li key={one.id}><a href={`#/people/people/${one.id}`}>{one.name}</a><span>{word(DOCUMENTS, one.document_type)} {one.document_masked}</span></li>)}</ul>
        </Panel>
      )}
    </Page>
  );
}
