package io.sluice.run;

import java.util.concurrent.ThreadLocalRandom;

/** Names for runs that were given none. */
public final class RunNames {
  private static final String[] ADJECTIVES =
      ("able agile amber ample apt azure bold brave brief bright brisk broad calm candid careful"
              + " casual civil clean clear clever cosy crisp daring deft dense direct early easy"
              + " exact fair fast fond frank fresh gentle glad golden grand green happy hardy"
              + " honest humble jolly keen kind lively loyal lucid merry mild modest neat noble"
              + " patient plain polite prime prompt proud pure quick quiet rapid ready robust"
              + " royal secure sharp silent silver simple smart smooth solid steady subtle sunny"
              + " swift tidy vivid warm wise witty zesty")
          .split(" ");
  private static final String[] ANIMALS =
      ("adder alpaca ant badger bat bear beaver bee bison boar bream buzzard camel carp cat cobra"
              + " cod condor coyote crab crane cricket crow deer dingo dog dolphin donkey dove duck"
              + " eagle eel egret elk falcon ferret finch fox frog gecko gibbon goat goose grouse"
              + " gull hare hawk heron horse hyena ibex ibis jackal jay koala lark lemur lion llama"
              + " lynx magpie marten mink mole moose moth mouse newt ocelot orca osprey otter owl"
              + " oyster panda perch pike puffin quail rabbit raven robin rook salmon seal shark"
              + " sheep skunk sloth snail stork swan tapir tern tiger toad trout turtle viper vole"
              + " walrus weasel whale wolf wombat wren yak zebra")
          .split(" ");

  private RunNames() {}

  /** {@code given}, or a new name if it is null or empty. */
  public static String orNew(String given) {
    return given == null || given.isEmpty() ? next() : given;
  }

  private static String next() {
    var random = ThreadLocalRandom.current();
    return ADJECTIVES[random.nextInt(ADJECTIVES.length)]
        + "-"
        + ANIMALS[random.nextInt(ANIMALS.length)];
  }
}
