import { raw } from 'hono/html'

/** What all pages for couples have in common: calm, theirs, without a script, and nobody's history. */
export const publicHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
} as const

export const PUBLIC_STYLE = raw(`
:root{color-scheme:light dark;--paper:#f6f2ea;--sheet:#fff;--ink:#2b2723;--quiet:#665f57;--line:#d9d2c7;--field:#8a8278}
@media (prefers-color-scheme:dark){:root{--paper:#171412;--sheet:#211d1a;--ink:#ece6dc;--quiet:#b3aaa0;--line:#4a433c;--field:#8d857b}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:17px/27px Georgia,'Times New Roman',serif}
body.sans{font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
main{max-width:560px;margin:0 auto;padding:40px 24px 56px}
h1{font-size:28px;line-height:36px;font-weight:600;margin:24px 0 20px;text-wrap:balance}
.name{font-size:19px;margin:0}.logo{display:block;height:auto;max-width:100%}
@media (prefers-color-scheme:dark){.logo{background:#fff;padding:6px;border-radius:4px}}
.done{margin:24px 0 0;padding:12px 16px;border:1px solid var(--line);border-radius:5px;background:var(--sheet)}
fieldset{border:1px solid var(--line);border-radius:8px;background:var(--sheet);padding:4px 20px;margin:0 0 20px;min-width:0}
legend{font-size:14px;line-height:20px;color:var(--quiet);padding:0 6px;margin-left:-6px;overflow-wrap:anywhere}
label,.always{display:flex;gap:14px;padding:16px 0;margin:0;border-top:1px solid var(--line);cursor:pointer}
label:first-of-type{border-top:0}.always{display:block;cursor:auto;padding-left:36px}
label input{flex:none;width:22px;height:22px;margin:3px 0 0;accent-color:var(--accent,#7a3e48)}
label span{display:block}b{font-weight:600}small{display:block;font-size:15px;line-height:22px;color:var(--quiet)}
.row{display:flex;flex-wrap:wrap;gap:12px}
button{font:inherit;font-size:16px;line-height:22px;min-height:46px;padding:10px 22px;border-radius:5px;border:1px solid var(--field);background:transparent;color:var(--ink);cursor:pointer}
button.primary{background:var(--accent,#7a3e48);border-color:var(--accent,#7a3e48);color:#fff}
:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
footer{margin-top:36px;font-size:14px;line-height:21px;color:var(--quiet)}
@media (max-width:479px){.row button{width:100%}}
`)
