#!/usr/bin/env bun
import { Command } from 'commander'
import { migrateCommand } from './migrate.ts'
import { serveCommand } from './serve.ts'

const program = new Command('tam').description('Self-hosted real-time chat')
program
  .command('serve')
  .description('run the server; settings come from TAM_ environment variables')
  .option(
    '--roles <names>',
    'what this process does: all, or some of api,chat,presence,notify; for TAM_ROLES',
  )
  .action(serveCommand)
program
  .command('migrate')
  .description('make the tables of TAM_KV_URL, or bring them up to date')
  .option('--dry-run', 'only print what would be done')
  .action(migrateCommand)
await program.parseAsync()
