#!/usr/bin/env bun
import { Command } from 'commander'
import { serveCommand } from './serve.ts'

const program = new Command('tam').description('Self-hosted real-time chat')
program
  .command('serve')
  .description('run the server; settings come from TAM_ environment variables')
  .action(serveCommand)
await program.parseAsync()
