import type { NextConfig } from "next";

const config: NextConfig = {
  reactStrictMode: true,
  // The repository around this example has lock files of its own.
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
};

export default config;
