import type { Json, JsonObject } from '../../core/ids.ts'
import type { MergeParts } from '../../core/merge.ts'
import { type AnyRunner, type Draft, resultOf } from '../runner.ts'
import { type CustomDeclaration, customDefinition, mergedTexts } from './definition.ts'

const LIMITS = { timeoutMs: 15_000, concurrency: 5, payloadBytesMax: 100_000 }

/**
 * Runs a declared module type: the configuration with its texts filled in goes to the declared server, signed by
 * the type's secrets. Who it is about is named by reference only; no address leaves the house this way.
 */
export function runCustom(
  declaration: CustomDeclaration,
  secrets: readonly [string, ...string[]],
): AnyRunner {
  const { type, version, handler, exits } = declaration
  return {
    of: customDefinition(declaration),
    limits: declaration.limits ?? LIMITS,

    async prepare({ config, facts, language }, render): Promise<Draft<JsonObject>> {
      const values = config as { readonly [name: string]: Json }
      const texts = mergedTexts(declaration, values)
      const parts: MergeParts = Object.fromEntries(
        texts.map(([name, template]) => [name, { template, target: 'text' }]),
      )
      const filled: { [name: string]: Json } = { ...values }
      const missing = new Set<string>()
      for (const [name, merged] of Object.entries(await render(parts, facts))) {
        if (merged.is === 'broken') return { is: 'broken', cause: `${name}: ${merged.cause}` }
        if (merged.is === 'unresolved') for (const field of merged.fields) missing.add(field)
        else filled[name] = merged.text
      }
      if (missing.size > 0) return { is: 'unresolved', fields: [...missing] }
      return { is: 'ready', content: { type: `module.${type}`, version, language, config: filled } }
    },

    async send({ content, recipient, key, attempt, deadline, signal }, channels) {
      const body = JSON.stringify({ ...content, recipient: recipient.ref })
      const reply = await channels.webhook.send(
        { url: handler.url, body, secrets },
        { key, attempt, deadline, signal },
      )
      return resultOf(reply, { accepted: exits[0] ?? 'done', rejected: exits[1] ?? null })
    },
  }
}
