/** One's certificates and their QR codes, also without a network (证书). */
import { About, Card, Empty, Icon, Screen, Tag, day } from "../parts.tsx";
import { client } from "../platform.ts";
import { useReply } from "../replies.ts";
import { t } from "../../shared/settings.ts";
import { Drawn } from "./place.tsx";

interface Certificate {
  id: string;
  serial: string;
  number: string;
  valid_from: string;
  valid_until: string;
  review_due_on: string | null;
  status: string;
  status_zh: string;
  content: { qualification: { name_zh: string; name_en?: string }; holder?: { name: string }; issuer?: { name: string; name_zh?: string }; number?: string };
}

const GOOD = new Set(["valid"]);
const MIND = new Set(["expiring", "not_yet_valid", "review_due", "suspended"]);

function StatusTag({ certificate }: { certificate: Certificate }) {
  const { status, status_zh } = certificate;
  const kind = GOOD.has(status) ? "good" : MIND.has(status) ? "warn" : "bad";
  return <Tag kind={kind}>{t(status_zh, status.replaceAll("_", " "))}</Tag>;
}

function useCertificates() {
  return useReply<{ items: Certificate[] }>("/v1/me/certificates");
}

export function CertificatesPage() {
  const reply = useCertificates();
  const held = reply.data?.items ?? [];
  return (
    <Screen title={t("证书", "Certificates")}>
      <About reply={reply} />
      {held.length === 0 && !reply.loading ? (
        <Empty icon="certificate">{t("还没有证书。考试合格后会自动出现在这里。", "No certificate yet. It appears here once an exam is passed.")}</Empty>
      ) : null}
      {held.map((certificate) => (
        <a class="card pass" key={certificate.id} href={`#/certificates/${certificate.id}`}>
          <div class="split">
            <h2 lang="zh-CN">{certificate.content.qualification.name_zh}</h2>
            <StatusTag certificate={certificate} />
          </div>
          <p class="code">{certificate.content.number ?? certificate.number}</p>
          <p class="note">{t("有效期至", "Valid until")} {day(certificate.valid_until)}</p>
        </a>
      ))}
    </Screen>
  );
}

export function CertificatePage({ id }: { id: string }) {
  const reply = useCertificates();
  const certificate = reply.data?.items.find((one) => one.id === id);
  const code = useReply<string>(`/v1/me/certificates/${id}/qr.svg`, async (path) =>
    new TextDecoder().decode(await client.bytes(path)),
  );
  return (
    <Screen title={t("证书", "Certificate")} back="/certificates">
      <About reply={reply} />
      {certificate === undefined ? null : (
        <>
          <section class="card ticket">
            <h2 lang="zh-CN">{certificate.content.qualification.name_zh}</h2>
            <StatusTag certificate={certificate} />
            {code.data === undefined ? <About reply={code} /> : <Drawn svg={code.data} title={t("证书二维码", "QR code of the certificate")} />}
            <p class="note"><Icon name="eye" /> {t("出示二维码，现场离线即可查验", "Show it: it is checked on the spot, without a network")}</p>
          </section>
          <Card>
            <dl class="facts">
              <dt>{t("持证人", "Holder")}</dt>
              <dd>{certificate.content.holder?.name ?? "–"}</dd>
              <dt>{t("证书编号", "Number")}</dt>
              <dd class="code">{certificate.content.number ?? certificate.number}</dd>
              <dt>{t("发证机关", "Issuer")}</dt>
              <dd lang="zh-CN">{certificate.content.issuer?.name_zh ?? certificate.content.issuer?.name ?? "–"}</dd>
              <dt>{t("有效期", "Valid")}</dt>
              <dd>{day(certificate.valid_from)} – {day(certificate.valid_until)}</dd>
              {certificate.review_due_on === null ? null : (
                <>
                  <dt>{t("复审截止", "Review due")}</dt>
                  <dd>{day(certificate.review_due_on)}</dd>
                </>
              )}
            </dl>
            <p class="note">{t("本平台证书不替代国家特种作业操作证查询（cx.mem.gov.cn）。", "This platform does not replace the national query at cx.mem.gov.cn.")}</p>
          </Card>
        </>
      )}
    </Screen>
  );
}
