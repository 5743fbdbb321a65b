/** Paper, ink, one rose: the look of the app to come, for the one page there is. */
export const STYLE = `
:root{--paper:#fbf9f5;--ink:#2b2620;--muted:#6f675c;--line:#ded6ca;--rose:#a8425c;--sunken:#f3efe7;color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--paper:#1c1916;--ink:#efe9df;--muted:#a89e90;--line:#3b352e;--rose:#e08aa0;--sunken:#26221e}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/22px Inter,system-ui,sans-serif}
main{max-width:760px;margin:0 auto;padding:48px 20px 80px}
.eyebrow{margin:0 0 8px;font-size:12px;line-height:16px;color:var(--muted)}
h1{margin:0 0 12px;font:400 28px/36px Newsreader,Georgia,serif}
.facts{color:var(--muted);margin:0 0 28px}a{color:inherit}code{font:13px/20px ui-monospace,monospace;overflow-wrap:anywhere}
section{border-top:1px solid var(--ink)}
details{border-bottom:1px solid var(--line)}
summary{display:grid;grid-template-columns:1fr auto;gap:2px 16px;padding:12px 0;cursor:pointer;list-style:none;min-height:44px}
summary::-webkit-details-marker{display:none}summary:focus-visible{outline:2px solid var(--rose);outline-offset:2px;border-radius:3px}
.subject{font-weight:560}.to{grid-column:1;color:var(--muted);font-size:13px;overflow-wrap:anywhere}
time{grid-row:1;grid-column:2;color:var(--muted);font-size:13px;font-variant-numeric:tabular-nums;white-space:nowrap}
.from{margin:0 0 8px;color:var(--muted);font-size:13px}
iframe{width:100%;height:420px;border:1px solid var(--line);border-radius:8px;background:#fff;margin:0 0 16px}
pre{background:var(--sunken);border-radius:8px;padding:16px;overflow-x:auto;font:13px/20px ui-monospace,monospace}
.empty{border-top:1px solid var(--ink);padding-top:16px}
@media(max-width:480px){summary{grid-template-columns:1fr}time{grid-row:auto;grid-column:1}h1{font-size:24px;line-height:32px}}
`
