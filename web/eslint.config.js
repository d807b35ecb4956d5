import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  // The examples bring their own dependencies: `npm run examples` checks them.
  { ignores: ["**/dist/", "**/node_modules/", "**/.next/", "**/coverage/", "examples/"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // Numbers read well in a message; everything else is caught by the types.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `onClick={() => close()}` is how handlers are written, `if (over) return this.#end()` how one leaves early.
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // The compiler's own check (noUnusedLocals) knows `??=`.
      "no-unused-private-class-members": "off",
      // A type parameter that a caller names (`call<T>`) is the contract of the hooks.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
    },
  },
  { files: ["**/*.tsx", "packages/react/**/*.ts", "app/**/*.ts"], ...reactHooks.configs.flat.recommended },
  {
    files: ["**/*.{js,mjs}"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
  { files: ["app/public/*.js"], languageOptions: { globals: { localStorage: "readonly", document: "readonly" } } },
);
