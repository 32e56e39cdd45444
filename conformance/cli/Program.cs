System.Console.WriteLine("wrc");
