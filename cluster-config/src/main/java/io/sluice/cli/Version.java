package io.sluice.cli;

import io.sluice.node.SluiceVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"Sluice " + SluiceVersion.current()};
  }
}
