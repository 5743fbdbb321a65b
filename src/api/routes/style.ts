/** Paper, ink, one rose: the look of the app, for the pages that are made here. */
export const STYLE = `
@font-face{font-family:Inter;font-weight:100 900;font-display:swap;src:url(/reference/inter.woff2) format("woff2")}
@font-face{font-family:Newsreader;font-weight:200 800;font-display:swap;src:url(/reference/newsreader.woff2) format("woff2")}
:root{--paper:#fbf9f5;--ink:#2b2620;--muted:#6f675c;--line:#ded6ca;--rose:#a8425c;--sunken:#f3efe7;color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--paper:#1c1916;--ink:#efe9df;--muted:#a89e90;--line:#3b352e;--rose:#e08aa0;--sunken:#26221e}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/22px Inter,system-ui,sans-serif}
main{max-width:760px;margin:0 auto;padding:48px 20px 80px}
.eyebrow{margin:0 0 8px;font-size:12px;line-height:16px;color:var(--muted)}
h1{margin:0 0 12px;font:400 28px/36px Newsreader,Georgia,serif;text-wrap:balance}
.lead{margin:0 0 20px;max-width:60ch}
.facts{display:flex;flex-wrap:wrap;gap:4px 24px;margin:48px 0 0;color:var(--muted);font-size:13px}.facts div{display:flex;gap:6px}
dt::after{content:":"}dd{margin:0;overflow-wrap:anywhere}a{color:inherit;text-underline-offset:3px}code{font:13px/20px ui-monospace,monospace}
.facts code{font-size:12px}
h2{margin:0;padding:8px 0;border-bottom:1px solid var(--ink);font:600 13px/20px Inter,system-ui,sans-serif;color:var(--muted)}
section+section{margin-top:28px}
details{border-bottom:1px solid var(--line)}
summary{display:grid;grid-template-columns:88px minmax(0,1fr) auto;gap:2px 16px;padding:12px 0;cursor:pointer;list-style:none;min-height:44px}
summary::-webkit-details-marker{display:none}summary:hover .subject{color:var(--rose)}
summary:focus-visible,a:focus-visible{outline:2px solid var(--rose);outline-offset:2px;border-radius:3px}
.kind{color:var(--muted);font-size:13px}
.subject{font-weight:560;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;overflow-wrap:anywhere}
details[open] .subject{display:block;overflow:visible}
.to{grid-column:2;color:var(--muted);font-size:13px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
details[open] .to{white-space:normal;overflow-wrap:anywhere}
time{grid-row:1;grid-column:3;color:var(--muted);font-size:13px;font-variant-numeric:tabular-nums;white-space:nowrap}
.from{margin:0 0 12px 104px;color:var(--muted);font-size:13px}
iframe{width:100%;height:420px;border:1px solid var(--line);border-radius:8px;background:#fff;margin:0 0 16px}
pre{margin:0 0 16px;background:var(--sunken);border-radius:8px;padding:16px;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/20px ui-monospace,monospace}
.empty{border-top:1px solid var(--ink);padding-top:16px}.empty ol{margin:16px 0 0;padding:0 0 0 20px}.empty li{margin:0 0 12px;padding-left:4px}
.empty li::marker{color:var(--muted)}.empty pre{margin:4px 0 0;padding:12px 16px}
.more{color:var(--muted);font-size:13px;margin:16px 0 0}
@media(max-width:560px){main{padding:32px 16px 64px}summary{grid-template-columns:minmax(0,1fr) auto}.kind{grid-column:1}.subject,.to{grid-column:1/-1}time{grid-column:2}.from{margin-left:0}h1{font-size:24px;line-height:32px}}
`
