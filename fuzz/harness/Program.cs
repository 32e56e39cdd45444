System.Console.WriteLine("harness");
