import { readdirSync } from 'node:fs'
import path from 'node:path'

/** The program's own TypeScript below a folder, tests and their fixtures aside. */
export function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter(
      (file) => !/\.test\.ts$|conformance\.ts$|example-view\.ts$|[/\\]fixtures[/\\]|\.d\.ts$/.test(file),
    )
    .sort()
}
