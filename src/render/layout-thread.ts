import { parentPort } from 'node:worker_threads'
import mjml2html from 'mjml'
import type { Laying } from '../core/merge.ts'

/** The thread in which layouts become HTML: no words of people ever come here. */
const port = parentPort
if (port === null) throw new Error('the layout thread runs as a thread of the renderer')

port.on('message', (mjml: string) => {
  laid(mjml).then(
    (answer) => port.postMessage(answer),
    (error: unknown) => port.postMessage({ is: 'broken', cause: String(error) } satisfies Laying),
  )
})

async function laid(mjml: string): Promise<Laying> {
  const { html, errors } = await mjml2html(mjml, {
    validationLevel: 'soft',
    keepComments: false,
    ignoreIncludes: true,
  })
  const [first] = errors
  return first === undefined ? { is: 'html', html } : { is: 'broken', cause: first.formattedMessage }
}
port.postMessage('ready')
