import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

/** A module of the standard library that only some rooms may touch, by the reason that style.md gives. */
const spawning = { name: 'node:child_process', message: 'only processes/, git/, build/ and scripts/ start processes' }

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'coverage', '**/cases/**'] },
  ...tseslint.configs.strictTypeChecked,
  prettier,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'max-params': ['error', 4],
      'no-console': 'error',
      'no-control-regex': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'rules/**/*.ts'],
    ignores: ['src/processes/**', 'src/git/**', 'src/build/**'],
    rules: { 'no-restricted-imports': ['error', { paths: [spawning] }] },
  },
  {
    files: ['src/**/*.ts', 'rules/**/*.ts'],
    ignores: ['src/cli/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'only cli/ exits' },
        { object: 'process', property: 'argv', message: 'only cli/ reads argv' },
      ],
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
)
