import { check } from './check.ts'
import { readHistory } from './read-history.ts'
import { verdict } from './verdict.ts'

// bun tools/drill/checker/main.ts <history.jsonl> [--slow]: judges a recorded history again.
const [path, flag] = process.argv.slice(2)
if (path === undefined) {
  console.error('usage: bun tools/drill/checker/main.ts <history.jsonl> [--slow]')
  process.exit(2)
}
const history = await readHistory(path)
const { passed, text } = verdict(history, check(history, { isSlow: flag === '--slow' }))
console.log(text)
process.exit(passed ? 0 : 1)
